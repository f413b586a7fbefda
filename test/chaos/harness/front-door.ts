import net, { type AddressInfo } from 'node:net';

/** What stands before the API's processes: each connection goes to the next one that is up. */
export class FrontDoor {
  private readonly open: number[] = [];
  private turn = 0;
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((client) => {
    this.connect(client);
  });

  static async start(): Promise<FrontDoor> {
    const door = new FrontDoor();
    await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on connections may go to the process at this address. */
  add(url: string): void {
    this.open.push(Number(new URL(url).port));
  }

  remove(url: string): void {
    const index = this.open.indexOf(Number(new URL(url).port));
    if (index >= 0) this.open.splice(index, 1);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private connect(client: net.Socket): void {
    const port = this.open[this.turn++ % Math.max(this.open.length, 1)];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = net.connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}
