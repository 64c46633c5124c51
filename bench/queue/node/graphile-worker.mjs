// graphile-worker at its best settings.

import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

import { errand, stamp } from './errand.mjs';

const MANY = {
  concurrentJobs: 24,
  maxPoolSize: 20,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};
const tasks = { noop: async () => {}, stamp: async ({ at }) => stamp(at) };
const logger = new Logger(() => () => {});

// Where the database is, pg finds in the environment.
const pgPool = new pg.Pool({ max: MANY.maxPoolSize });
// Without these it warns that a lost connection would end the process.
pgPool.on('error', () => {});
pgPool.on('connect', (client) => client.on('error', () => {}));

const system = {
  setup: () => utils.migrate(),
  enqueue: (payload) => utils.addJob('noop', payload),
  enqueueMany: (payloads) =>
    utils.addJobs(payloads.map((payload) => ({ identifier: 'noop', payload }))),
  enqueueStamp: (payload) => utils.addJob('stamp', payload),
  work: (how) =>
    run({ pgPool, logger, noHandleSignals: true, taskList: tasks, preset: preset(how) }),
};

function preset(how) {
  return { worker: how === 'many' ? MANY : {} };
}

const utils = await makeWorkerUtils({ pgPool, logger });
await errand(system);
await utils.release();
await pgPool.end();
