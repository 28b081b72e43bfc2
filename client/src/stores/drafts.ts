/** Texts not yet sent. Storage may be gone (another tab signed out): a draft then lives in its box. */
import type { Workspace } from '../sync/workspace.ts';

export async function loadDraft(workspace: Workspace | null, chatId: string): Promise<string> {
  return (await workspace?.database.loadDraft(chatId).catch(() => '')) ?? '';
}

export function saveDraft(workspace: Workspace | null, chatId: string, text: string): void {
  void workspace?.database.saveDraft(chatId, text).catch(() => undefined);
}
