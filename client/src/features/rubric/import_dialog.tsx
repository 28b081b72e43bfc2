import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import type { HiddenTexts, ImportNote, ImportPreview } from '../../protocol/rubric.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { HiddenChoice } from './hidden_choice.tsx';
import { textIn } from './text_of.ts';

const accepted = '.csv,.tsv,.txt,.xlsx,.md,.html,.json';
const bytesMax = 1024 * 1024;

interface Chosen {
  content: Blob;
  hidden: HiddenTexts;
}

type State = 'empty' | 'reading' | 'failed' | 'too_large' | ImportPreview;

/** A rubric out of a file or of a table that was copied: looked at first, then taken. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const preview = useFrom('rubric', (store) => store.previewImport);
  const adopt = useFrom('rubric', (store) => store.adopt);
  const [state, setState] = useState<State>('empty');
  const newest = useRef<Chosen | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const read = async (content: Blob, hidden: HiddenTexts = 'leave-out'): Promise<void> => {
    const mine = { content, hidden };
    newest.current = mine;
    setChosen(mine);
    if (content.size > bytesMax) {
      setState('too_large');
      return;
    }
    setState('reading');
    const made = await preview(content, hidden);
    // What was chosen meanwhile is what counts, whichever is read sooner.
    if (newest.current === mine) setState(made ?? 'failed');
  };
  const rubric = typeof state === 'object' ? state.rubric : null;
  return (
    <Dialog title={t('rubric.import')} wide onClose={onClose}>
      <p>{t('rubric.importText')}</p>
      <Sources busy={state === 'reading'} onContent={(content) => void read(content)} />
      <div role="status">
        {state === 'reading' && <p>{t('common.loading')}</p>}
        {state === 'failed' && <p className="form-error">{t('rubric.importFailed')}</p>}
        {state === 'too_large' && <p className="form-error">{t('rubric.importTooLarge')}</p>}
        {typeof state === 'object' && <Found preview={state} />}
      </div>
      {typeof state === 'object' && chosen !== null && (
        <HiddenChoice
          notes={state.notes}
          hidden={chosen.hidden}
          onChoose={(hidden) => void read(chosen.content, hidden)}
        />
      )}
      <div className="conflict-choice">
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button
          look="primary"
          disabled={rubric === null}
          data-testid="import-adopt"
          onClick={() => {
            if (rubric !== null) adopt(rubric);
            onClose();
          }}
        >
          {t('rubric.importAdopt')}
        </Button>
      </div>
    </Dialog>
  );
}

interface SourcesProps {
  busy: boolean;
  onContent: (content: Blob) => void;
}

/** A file that is chosen or dropped, or what was copied. */
function Sources({ busy, onContent }: SourcesProps) {
  const { t } = useText();
  const onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const { clipboardData } = event;
    const html = clipboardData.getData('text/html');
    const text = clipboardData.getData('text/plain');
    // What is copied in Excel is there as a picture, too.
    if (/<table/i.test(html)) onContent(new Blob([html]));
    else if (text !== '') onContent(new Blob([text]));
    else if (clipboardData.files[0] !== undefined) onContent(clipboardData.files[0]);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    onContent(file ?? new Blob([event.dataTransfer.getData('text/plain')]));
  };
  return (
    <div className="import-from" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <label className="button">
        <Icon name="upload" /> {t('rubric.importFile')}
        <input
          className="hidden"
          type="file"
          accept={accepted}
          data-testid="import-file"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) onContent(file);
            event.target.value = ''; // so that the same one, corrected, may be chosen again
          }}
        />
      </label>
      <textarea
        className="import-paste"
        aria-label={t('rubric.importPaste')}
        placeholder={t('rubric.importPaste')}
        data-testid="import-paste"
        value=""
        readOnly={busy}
        onChange={() => undefined}
        onPaste={onPaste}
      />
    </div>
  );
}

/** What was made of it, and what does not fit. */
function Found({ preview }: { preview: ImportPreview }) {
  const { t, locale } = useText();
  const { rubric, notes } = preview;
  return (
    <>
      {rubric !== null && (
        <p data-testid="import-found">
          <Icon name="check" />{' '}
          {t(
            'rubric.importFound',
            textIn(rubric.title, locale) || t('rubric.title'),
            rubric.criteria.length,
            rubric.levels.length,
          )}
        </p>
      )}
      <ul className="import-notes">
        {notes.map((note, index) => (
          <li key={index} className={note.severity === 'error' ? 'form-error' : ''}>
            <Icon name="warn" /> <Place note={note} />
            {note.message[locale]}
          </li>
        ))}
      </ul>
      {rubric !== null && (
        <div className="conflict-scroll" tabIndex={0} role="region" aria-label={t('rubric.title')}>
          <table className="conflict">
            <thead>
              <tr>
                <th scope="col">{t('rubric.criterion')}</th>
                {rubric.levels.map((level) => (
                  <th key={level.id} scope="col">
                    {textIn(level.name, locale)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rubric.criteria.map((criterion) => (
                <tr key={criterion.id}>
                  <th scope="row">{textIn(criterion.name, locale)}</th>
                  {criterion.cells.map((cell) => (
                    <td key={cell.levelId}>{textIn(cell.descriptor, locale)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Place({ note }: { note: ImportNote }) {
  const { t } = useText();
  const { row, column } = note;
  if (row === undefined) return null;
  return <>{column === undefined ? t('rubric.row', row) : t('rubric.rowColumn', row, column)} </>;
}
