import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A code block of a Markdown page. */
export interface Snippet {
  readonly language: string;
  readonly code: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
}

/** The code blocks of a page, in order. @param page - path from the repository's root */
export async function snippetsOf(page: string): Promise<Snippet[]> {
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url));
  const lines = (await readFile(path, 'utf8')).split('\n');
  const snippets: Snippet[] = [];
  lines.forEach((text, index) => {
    const language = /^```(\w+)$/.exec(text)?.[1];
    if (language === undefined) return;
    const end = lines.indexOf('```', index + 1);
    snippets.push({ language, code: lines.slice(index + 1, end).join('\n'), line: index + 2 });
  });
  return snippets;
}
