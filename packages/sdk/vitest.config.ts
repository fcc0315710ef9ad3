import { defineProject } from 'vitest/config';

// Nothing here takes longer than seconds, but machines that run several test files on two cores are slow.
export default defineProject({ test: { name: 'sdk', testTimeout: 30_000 } });
