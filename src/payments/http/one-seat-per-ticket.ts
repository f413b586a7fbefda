import {
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** As many seats as tickets. */
@ValidatorConstraint({ name: 'oneSeatPerTicket' })
export class OneSeatPerTicket implements ValidatorConstraintInterface {
  validate(seats: unknown, { object }: ValidationArguments): boolean {
    const { quantity } = object as { quantity?: unknown };
    return Array.isArray(seats) && seats.length === quantity;
  }

  defaultMessage(): string {
    return 'must name exactly one seat for each ticket';
  }
}
