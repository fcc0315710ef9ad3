import { expect, it } from 'vitest';
import { databaseHosts, urlAt } from './database-hosts.js';

it.each([
  ['postgresql://giro@a/giro', 'postgresql://giro@a/giro'],
  ['postgresql:///giro?host=/tmp/a', 'postgresql:///giro?host=/tmp/a'],
  ['postgresql://giro:a,b@c:5433/giro', 'postgresql://giro:a,b@c:5433/giro'],
  ['no URL at all', 'no URL at all'],
])('leaves %s, which names one host at most, to pg', (url, same) => {
  expect(databaseHosts(url)).toEqual({ names: undefined, urls: [same] });
});

it.each([
  ['postgresql://giro:p,w@a:5432,b:5433/giro?sslmode=disable', 'a:5432,b:5433', 'a:5432', 'b:5433'],
  ['postgres://giro:p,w@a,b/giro?sslmode=disable', 'a,b', 'a', 'b'],
  [
    'postgresql://giro:p,w@[::1]:5432,10.0.0.1/giro?sslmode=disable',
    '[::1]:5432,10.0.0.1',
    '[::1]:5432',
    '10.0.0.1',
  ],
  [
    'postgresql://giro:p,w@%2Ftmp%2Fa,%2Ftmp%2Fb/giro?sslmode=disable',
    '%2Ftmp%2Fa,%2Ftmp%2Fb',
    '%2Ftmp%2Fa',
    '%2Ftmp%2Fb',
  ],
])('takes %s apart', (url, names, ...hosts) => {
  const scheme = url.slice(0, url.indexOf('//'));
  const urls = hosts.map((host) => `${scheme}//giro:p,w@${host}/giro?sslmode=disable`);
  expect(databaseHosts(url)).toEqual({ names, urls });
});

it('takes target_session_attrs as long as it asks for what a bank needs', () => {
  const asking = (attributes: string) =>
    databaseHosts(`postgresql://a,b/giro?target_session_attrs=${attributes}`);
  expect(asking('read-write').names).toBe('a,b');
  expect(asking('primary').names).toBe('a,b');
  expect(() => asking('any')).toThrow(
    'target_session_attrs=any is not for a bank, which writes: say read-write',
  );
});

it.each([
  ['postgresql://giro:secret@a,,b/giro', "'' of 'a,,b' is no host with a port"],
  ['postgresql://giro:secret@a:one,b/giro', "'a:one' of 'a:one,b' is no host with a port"],
  ['postgresql://giro:secret@/giro?host=a,b', 'several hosts belong before the path'],
  [
    `postgresql://giro:secret@${Array.from({ length: 17 }, () => 'a').join()}/giro`,
    'it names 17 hosts, and may 16',
  ],
])('refuses %s', (url, message) => {
  expect(() => databaseHosts(url)).toThrow(message);
  expect(() => databaseHosts(url)).not.toThrow(/secret/);
});

it.each([
  [
    'postgresql://giro:p%40w@a:5432/giro?sslmode=require',
    'postgresql://giro:p%40w@w1:5433/giro?sslmode=require',
  ],
  ['postgres://giro@a,b:5433/giro?target_session_attrs=primary', 'postgres://giro@w1:5433/giro?'],
  ['postgresql://giro@/giro?host=/tmp/a&port=1', 'postgresql://giro@w1:5433/giro?'],
])('finds the same database as %s at another host', (url, there) => {
  expect(urlAt(url, { host: 'w1', port: 5433 })).toBe(there);
  expect(urlAt(url, { host: '::1', port: 5433 })).toBe(there.replace('w1', '[::1]'));
});
