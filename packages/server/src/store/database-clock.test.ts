import { describe, expect, it } from 'vitest';
import { DatabaseClock } from './database-clock.js';

describe('the database’s clock, between two answers that tell it (trap 14)', () => {
  it('goes on as long as has passed here', () => {
    const here = { ms: 1_000 };
    const clock = new DatabaseClock(() => here.ms);
    clock.hear(1_763_000_000_000_000);
    expect(clock.micros).toBe(1_763_000_000_000_000);
    here.ms += 1.5;
    expect(clock.micros).toBe(1_763_000_000_001_500);
    clock.hear(1_763_000_000_002_000);
    expect(clock.micros).toBe(1_763_000_000_002_000);
  });

  it('is not known before it was heard of, nor long after', () => {
    const here = { ms: 0 };
    const clock = new DatabaseClock(() => here.ms);
    expect(clock.micros).toBeUndefined();
    clock.hear(5);
    here.ms = 5_000;
    expect(clock.micros).toBe(5_000_005);
    here.ms = 5_001;
    expect(clock.micros).toBeUndefined();
  });
});
