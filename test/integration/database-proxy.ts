import net, { type AddressInfo, type Socket } from 'node:net';

/** Stands between the application and PostgreSQL: sees what is sent, can hold answers back or cut. */
export class DatabaseProxy {
  /** Called with what a client sends. */
  onSent: (bytes: Buffer) => void = () => undefined;
  private held = false;
  private readonly waiting: (() => void)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: net.Server;

  private constructor(private readonly target: URL) {
    this.server = net.createServer((client) => {
      this.connect(client);
    });
  }

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(new URL(databaseUrl));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The database's URL by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** From now on answers stay here. */
  hold(): void {
    this.held = true;
  }

  /** Lets the answers go that were held, and all that follow. */
  release(): void {
    this.held = false;
    for (const pass of this.waiting.splice(0)) pass();
  }

  /** Breaks every connection; answers that were held are lost. */
  cut(): void {
    this.held = false;
    this.waiting.length = 0;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private connect(client: Socket): void {
    const server = net.connect(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      // A cut connection is what these tests are about: the other side is cut too.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      server.write(bytes);
      this.onSent(bytes);
    });
    server.on('data', (bytes) => {
      const pass = () => void client.write(bytes);
      if (this.held) this.waiting.push(pass);
      else pass();
    });
  }
}
