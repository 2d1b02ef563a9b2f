import { toast } from '../components/toasts';

/** Gives something to the browser as a download. */
export function saveAs(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = window.document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[^\w.+@^-]+/g, '_');
  link.click();
  // The browser has begun to read it long before; the address would keep the content in memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast({ text: `Saved as ${link.download}.` });
}
