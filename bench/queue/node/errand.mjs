// What every system is asked to do, as in bench/queue/errand.py, for the systems on Node.

import fs from 'node:fs';

const LIST = 1000; // jobs enqueued at once by `load`
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = 0.5; // of each run of `enqueue`

const [what, ...words] = process.argv.slice(2);

export async function errand(system) {
  await { setup, load, enqueue, pace, work }[what](system, ...words);
}

async function setup(system) {
  await system.setup();
}

async function load(system, jobs) {
  for (let first = 0; first < jobs; first += LIST) {
    await system.enqueueMany(payloads(Math.min(LIST, jobs - first)));
  }
}

async function enqueue(system, ...sizes) {
  const rates = {};
  for (const size of sizes.map(Number)) {
    const list = payloads(size);
    const call = () => (size === 1 ? system.enqueue(list[0]) : system.enqueueMany(list));
    await call(); // what it does once only is not counted
    rates[size] = [];
    for (let i = 0; i < ROUNDS; i++) rates[size].push(await timed(call, size));
  }
  console.log(JSON.stringify(rates));
}

async function timed(call, size) {
  const began = now();
  let done = 0;
  let took = 0;
  while (took < SECONDS) {
    await call();
    done += size;
    took = now() - began;
  }
  return done / took;
}

async function pace(system, jobs, gap) {
  for (let i = 0; i < jobs; i++) {
    const at = now();
    await system.enqueueStamp({ at });
    await sleep(Math.max(0, at + Number(gap) - now()));
  }
}

async function work(system, how) {
  process.on('SIGTERM', () => process.exit(0));
  await system.work(how);
  await new Promise(() => {});
}

// Say how long ago the job was enqueued: the first thing that its handler does.
export function stamp(at) {
  const late = now() - at;
  fs.appendFileSync(process.env.BENCH_STAMPS, late.toFixed(6) + '\n');
}

export function connectionOf(environment) {
  return {
    host: environment.PGHOST,
    port: Number(environment.PGPORT),
    user: environment.PGUSER,
    password: environment.PGPASSWORD,
    database: environment.PGDATABASE,
  };
}

const payloads = (count) => Array.from({ length: count }, (_, i) => ({ i }));
const now = () => (performance.timeOrigin + performance.now()) / 1000;
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
