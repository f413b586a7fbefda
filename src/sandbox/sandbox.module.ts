import './refuse-production.js';
import { type DynamicModule, Module } from '@nestjs/common';
import { MailboxController } from './mail/mailbox.controller.js';
import { SANDBOX_SOURCE, SandboxController } from './sandbox.controller.js';
import type { SandboxSource } from './sandbox.view.js';

/** What the application shows of the world it runs in; imported by `serve-in-sandbox.ts` only, on demand. */
@Module({})
export class SandboxModule {
  /** An attachment to a running world is a `SandboxSource`. */
  static register(source: SandboxSource): DynamicModule {
    return {
      module: SandboxModule,
      controllers: [SandboxController, MailboxController],
      providers: [{ provide: SANDBOX_SOURCE, useValue: source }],
    };
  }
}
