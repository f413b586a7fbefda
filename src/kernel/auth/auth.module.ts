import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { InternalVerifier } from './internal-verifier.js';
import { NONCE_RETENTION } from './nonce-retention.js';
import { NonceStore, PostgresNonceStore } from './nonce-store.js';
import { TokenVerifier } from './token-verifier.js';

/** Guards every route of the application; needs `CONFIG`, the `Clock` and the `Database`. */
@Global()
@Module({
  providers: [
    TokenVerifier,
    InternalVerifier,
    NONCE_RETENTION,
    { provide: NonceStore, useClass: PostgresNonceStore },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [TokenVerifier],
})
export class AuthModule {}
