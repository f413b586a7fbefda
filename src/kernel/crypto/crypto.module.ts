import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Resealing } from './resealing.js';
import { SubjectVault } from './subject-vault.js';
import { Vault } from './vault.js';

/** The vault's keys come from `VAULT_KEYS`; the others need the `Database`. */
@Global()
@Module({
  providers: [
    {
      provide: Vault,
      useFactory: ({ vault }: Config) =>
        new Vault(
          vault.keys.map(({ name, secret }) => ({ id: name, key: Buffer.from(secret, 'base64') })),
        ),
      inject: [CONFIG],
    },
    Resealing,
    SubjectVault,
  ],
  exports: [Vault, Resealing, SubjectVault],
})
export class CryptoModule {}
