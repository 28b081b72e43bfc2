/** Copies text; true when the browser let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection({ 'text/plain': text });
  }
}

/** Copies a table so that documents take the HTML and spreadsheets the tab-separated text. */
export async function copyTable(html: string, tsv: string): Promise<boolean> {
  const flavours = { 'text/html': html, 'text/plain': tsv };
  try {
    const item: Record<string, Blob> = {};
    for (const [type, text] of Object.entries(flavours)) item[type] = new Blob([text], { type });
    await navigator.clipboard.write([new ClipboardItem(item)]);
    return true;
  } catch {
    return copyBySelection(flavours);
  }
}

/** The clipboard API needs a secure context; a school's plain-http server has only this. */
function copyBySelection(flavours: Record<string, string>): boolean {
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    for (const [type, text] of Object.entries(flavours)) event.clipboardData?.setData(type, text);
  };
  document.addEventListener('copy', onCopy, { once: true });
  // The only way left; browsers keep it for pages like ours.
  const copied = (document as { execCommand: (name: string) => boolean }).execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return copied;
}
