export { addJob, type Job, type JobHandler, type JobKind, type NewJob, provideJob } from './job.js';
export { jobsIn } from './job-runner.js';
export { Periodic, PeriodicTasks, RUNS_BACKGROUND_WORK } from './periodic.js';
export { type QueueName, QUEUES } from './queues.js';
export { type WorkCounts, type WorkRef, type WorkSource, WorkSources } from './work-source.js';
export { workOn, type WorkTable } from './work-table.js';
