import { isRefusal, type Refusal } from '../errors.js';

/**
 * The whole of an aggregate's behaviour, pure: `decide` answers a command with the events it
 * causes or a refusal, `evolve` folds an event into the state. Time and ids arrive in the command.
 */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[] | Refusal;
  evolve(state: State, event: Event): State;
}

/** The state that a history leads to. */
export function fold<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  history: Iterable<Event>,
  from: State = decider.initial,
): State {
  let state = from;
  for (const event of history) state = decider.evolve(state, event);
  return state;
}

export interface Decision<State, Event> {
  readonly events: readonly Event[];
  readonly state: State;
}

/** Decides and folds the result in one go; a refusal passes through. */
export function decideAndFold<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  command: Command,
  state: State,
): Decision<State, Event> | Refusal {
  const events = decider.decide(command, state);
  return isRefusal(events) ? events : { events, state: fold(decider, events, state) };
}
