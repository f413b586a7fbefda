import { Global, Inject, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Mailer } from './mailer.js';
import { NoMailer } from './no-mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

/** Mail over SMTP when `SMTP_URL` is set, none otherwise. */
@Global()
@Module({
  providers: [
    {
      provide: Mailer,
      inject: [CONFIG],
      useFactory: ({ mail }: Config) => (mail ? new SmtpMailer(mail) : new NoMailer()),
    },
  ],
  exports: [Mailer],
})
export class NotificationsModule implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly mailer: Mailer,
  ) {}

  onApplicationBootstrap(): void {
    if (this.mailer.configured || this.config.role === 'api') return;
    new Logger('Mailer').log('SMTP_URL is not set: this process sends no mail');
  }
}
