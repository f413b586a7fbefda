import net, { type AddressInfo, type Socket } from 'node:net';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'redis:': 6379,
  'amqp:': 5672,
};

/** Stands between the application and a server: sees what is sent, can delay, hold back or cut. */
export class TcpProxy {
  /** Called with what a client sends. */
  onSent: (bytes: Buffer) => void = () => undefined;
  /** How late an answer comes. */
  delayMs = 0;
  /** Whether new connections are closed at once, as when nothing listens. */
  refuses = false;
  private held = false;
  private readonly waiting: (() => void)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: net.Server;

  private constructor(private readonly target: URL) {
    this.server = net.createServer((client) => {
      if (this.refuses) client.destroy();
      else this.connect(client);
    });
  }

  /** In front of the server that the URL names: PostgreSQL, Redis or RabbitMQ. */
  static async start(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The server's URL by way of the proxy. */
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
    const port = Number(this.target.port) || DEFAULT_PORTS[this.target.protocol];
    if (port === undefined) throw new Error(`${this.target.protocol} has no port known here`);
    const server = net.connect(port, this.target.hostname);
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
    let last = 0;
    server.on('data', (bytes) => {
      // Never before its forerunner, should the delay have become shorter meanwhile.
      last = Math.max(last, Date.now() + this.delayMs);
      const pass = () => void client.write(bytes);
      const arrive = () => {
        if (this.held) this.waiting.push(pass);
        else pass();
      };
      const rest = last - Date.now();
      if (rest > 0) setTimeout(arrive, rest);
      else arrive();
    });
  }
}
