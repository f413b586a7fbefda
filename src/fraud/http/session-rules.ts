import { registerDecorator, ValidateIf, type ValidationArguments } from 'class-validator';
import { problemOfActions, problemOfFeatures, problemOfSession } from '../domain/check-session.js';

type Check = (value: unknown) => string | undefined;

/** A property rule whose message is what the check answers; undefined is consent. */
function rule(name: string, check: Check): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (value: unknown) => check(value) === undefined,
        defaultMessage: (args?: ValidationArguments) => check(args?.value) ?? 'is not valid',
      },
    });
  };
}

/** May be absent; null is not absence. */
export const MayBeAbsent = (): PropertyDecorator =>
  ValidateIf((_, value: unknown) => value !== undefined);

export const AreActions = (): PropertyDecorator => rule('areActions', problemOfActions);

export const AreFeatures = (): PropertyDecorator => rule('areFeatures', problemOfFeatures);

export const IsSession = (): PropertyDecorator => rule('isSession', problemOfSession);
