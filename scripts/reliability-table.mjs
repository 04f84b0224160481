// Writes what the tests of faults have told into the table of RELIABILITY.md.
// Usage: node reliability-table.mjs PART… (each a file PART.jsonl: its commit and day, then a line for each fault)

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const PAGE = new URL('../RELIABILITY.md', import.meta.url);
const BEGIN = '<!-- written by make reliability -->';
const END = '<!-- to here -->';

const counted = (number) => (number === null || number === undefined ? '' : number.toLocaleString('en'));

// A seed has 64 bits, more than a number here can hold.
const parsed = (line) => JSON.parse(line.replace(/"seed":(\d+)/, '"seed":"$1"'));

function rows(part) {
  const [{ commit, day }, ...met] = readFileSync(`${part}.jsonl`, 'utf8').trim().split('\n').map(parsed);
  return met.map(({ fault, times, acknowledged, lost, doubled, longest_recovery_ms: recovery, seed }) => {
    const cells = [fault, counted(times), counted(acknowledged), lost, doubled, counted(recovery), seed ?? ''];
    return `| ${[...cells, `${day} ${commit}`].join(' | ')} |`;
  });
}

const page = readFileSync(PAGE, 'utf8');
const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`RELIABILITY.md: expected ${BEGIN} and ${END}`);

const told = process.argv.slice(2).filter((part) => existsSync(`${part}.jsonl`));
const table = [
  `A debug build on ${availableParallelism()} cores, the load on the same ones:`,
  '',
  '| fault | times | acknowledged and looked for | lost or changed | doubled | longest recovery, ms | seed | run |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
  ...told.flatMap(rows),
];
writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${table.join('\n')}\n${page.slice(end)}`);
console.log(table.join('\n'));
