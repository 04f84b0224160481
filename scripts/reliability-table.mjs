// Writes the lines of JSON that the tests of faults have told into the table of RELIABILITY.md.
// Usage: node reliability-table.mjs LINES

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const PAGE = new URL('../RELIABILITY.md', import.meta.url);
const BEGIN = '<!-- written by make reliability -->';
const END = '<!-- to here -->';

const counted = (number) => (number === null || number === undefined ? '' : number.toLocaleString('en'));

function row({ fault, times, acknowledged, lost, doubled, longest_recovery_ms: recovery, seed }) {
  const cells = [fault, counted(times), counted(acknowledged), lost, doubled, counted(recovery), seed ?? ''];
  return `| ${cells.join(' | ')} |`;
}

const [file] = process.argv.slice(2);
const met = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const page = readFileSync(PAGE, 'utf8');
const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`RELIABILITY.md: expected ${BEGIN} and ${END}`);

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const day = new Date().toISOString().slice(0, 10);
const table = [
  `${day}, commit ${commit}, ${availableParallelism()} cores, debug build:`,
  '',
  '| fault | times | acknowledged and looked for | lost or changed | doubled | longest recovery, ms | seed |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...met.map(row),
];
writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${table.join('\n')}\n${page.slice(end)}`);
console.log(table.join('\n'));
