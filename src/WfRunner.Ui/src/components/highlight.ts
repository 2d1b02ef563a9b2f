import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import sql from 'highlight.js/lib/languages/sql';
import yaml from 'highlight.js/lib/languages/yaml';

hljs.registerLanguage('bash', bash);
hljs.registerLanguage('json', json);
hljs.registerLanguage('python', python);
hljs.registerLanguage('ruby', ruby);
hljs.registerLanguage('sql', sql);
hljs.registerLanguage('yaml', (api) => {
  const language = yaml(api);
  // Tasks (+name) and operators (sh>) are keys as well.
  language.contains.unshift({ className: 'attr', begin: /^[ \t]*(?:- +)?[+^\w.][\w.^+-]*>?(?=:(?:\s|$))/ });
  return language;
});

/** Marked-up text as safe HTML (the library escapes what it is given); undefined when the language is not known. */
export function highlight(text: string, language: string): string | undefined {
  return hljs.getLanguage(language) ? hljs.highlight(text, { language, ignoreIllegals: true }).value : undefined;
}
