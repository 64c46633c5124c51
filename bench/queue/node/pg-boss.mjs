// pg-boss at its best settings.

import PgBoss from 'pg-boss';

import { connectionOf, errand, stamp } from './errand.mjs';

// A loop takes one batch each half second, which is as often as it can be told to.
const MANY = { batchSize: 2000, pollingIntervalSeconds: 0.5 };
const LOOPS = 8;
const boss = new PgBoss(connectionOf(process.env));
boss.on('error', (error) => console.error(error.message));

const system = {
  setup: async () => {
    await boss.createQueue('noop');
    await boss.createQueue('stamp');
  },
  enqueue: (data) => boss.send('noop', data),
  enqueueMany: (list) => boss.insert(list.map((data) => ({ name: 'noop', data }))),
  enqueueStamp: (data) => boss.send('stamp', data),
  work: async () => {
    for (let i = 0; i < LOOPS; i++) await boss.work('noop', MANY, async () => {});
    await boss.work('stamp', MANY, async (jobs) => jobs.forEach(({ data }) => stamp(data.at)));
  },
};

await boss.start();
await errand(system);
await boss.stop({ graceful: false });
process.exit(0);
