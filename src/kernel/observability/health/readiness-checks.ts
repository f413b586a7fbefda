import { Injectable } from '@nestjs/common';

/** Something the process needs, and how to see whether it is there. */
export interface ReadinessCheck {
  /** The component's name in answers: `database`, `migrations`, `redis` … */
  readonly name: string;
  /** Without it no traffic should come; otherwise the process is merely degraded. */
  readonly critical: boolean;
  /** Details for `/health/ready`, without secrets; throws when the component is not there. */
  check(): Promise<Readonly<Record<string, unknown>>>;
}

/** Whoever owns a connection registers its check here while its module starts. */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, ReadinessCheck>();

  register(check: ReadinessCheck): void {
    if (this.checks.has(check.name))
      throw new Error(`two readiness checks are called ${check.name}`);
    this.checks.set(check.name, check);
  }

  all(): readonly ReadinessCheck[] {
    return [...this.checks.values()];
  }
}
