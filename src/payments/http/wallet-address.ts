import { Validate, type ValidationArguments, ValidatorConstraint } from 'class-validator';
import type { ValidatorConstraintInterface } from 'class-validator';

const FORMAT = {
  polygon: /^0x[0-9a-fA-F]{40}$/,
  solana: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/,
};

@ValidatorConstraint({ name: 'walletAddress' })
class WalletAddress implements ValidatorConstraintInterface {
  validate(address: unknown, { object }: ValidationArguments): boolean {
    const { blockchain } = object as { blockchain?: keyof typeof FORMAT };
    return (
      typeof address === 'string' &&
      (blockchain ? FORMAT[blockchain] : null)?.test(address) === true
    );
  }

  defaultMessage(): string {
    return 'must be an address of the named blockchain';
  }
}

/** The form of an address on the chain that stands beside it. */
export const IsWalletAddress = (): PropertyDecorator => Validate(WalletAddress);
