import { Validate, type ValidationArguments, ValidatorConstraint } from 'class-validator';
import type { ValidatorConstraintInterface } from 'class-validator';
import { CHAIN_NAMES } from '../../kernel/chain/chain-names.js';
import { canonicalWallet } from '../../kernel/chain/wallet-address.js';

@ValidatorConstraint({ name: 'walletAddress' })
class WalletAddress implements ValidatorConstraintInterface {
  validate(address: unknown, { object }: ValidationArguments): boolean {
    const { blockchain } = object as { blockchain?: unknown };
    const chain = CHAIN_NAMES.find((name) => name === blockchain);
    return (
      chain !== undefined &&
      typeof address === 'string' &&
      canonicalWallet(chain, address) !== undefined
    );
  }

  defaultMessage(): string {
    return 'must be a wallet of the named blockchain';
  }
}

/** A wallet of the chain that stands beside it, as `canonicalWallet` knows them. */
export const IsWalletAddress = (): PropertyDecorator => Validate(WalletAddress);
