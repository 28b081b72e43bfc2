import { useEffect, useRef, useState } from 'react';
import type { Rubric, VersionChanges, VersionEntry } from '../../protocol/rubric.ts';
import { differences } from '../../sync/rubric_diff.ts';
import { Button } from '../../ui/controls.tsx';
import { fullTime } from '../../ui/dates.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useEditing } from './editing.ts';
import { PlaceName } from './place_name.tsx';

/** All versions: who changed what and when; each can be looked at and taken back. */
export function HistoryDialog({ rubric, onClose }: { rubric: Rubric; onClose: () => void }) {
  const { t } = useText();
  const load = useFrom('rubric', (store) => store.versions);
  const newest = useFrom('rubric', ({ view }) => view.version);
  const [entries, setEntries] = useState<readonly VersionEntry[]>([]);
  const [next, setNext] = useState<number | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [looked, setLooked] = useState<number | null>(null);
  const readings = useRef(0);
  const more = async (before: number): Promise<void> => {
    const reading = readings.current;
    setState('loading');
    const page = await load(before);
    if (reading !== readings.current) return; // the list has been read anew meanwhile
    setState(page === null ? 'failed' : 'ready');
    if (page === null) return;
    setEntries((old) => [...old, ...page.versions]);
    setNext(page.nextBefore);
  };
  useEffect(() => {
    let open = true;
    readings.current += 1;
    void load().then((page) => {
      if (!open) return;
      setEntries(page?.versions ?? []);
      setNext(page?.nextBefore ?? null);
      setState(page === null ? 'failed' : 'ready');
    });
    return () => {
      open = false;
    };
  }, [load, newest]);
  return (
    <Dialog title={t('rubric.history')} wide onClose={onClose}>
      <ol className="history" data-testid="history">
        {entries.map((entry) => (
          <li key={entry.version} className="history-entry" data-version={entry.version}>
            <button
              type="button"
              className="history-line"
              aria-expanded={looked === entry.version}
              onClick={() => setLooked(looked === entry.version ? null : entry.version)}
            >
              <EntryLine entry={entry} newest={entry.version === newest} />
            </button>
            {looked === entry.version && (
              <Preview entry={entry} shown={rubric} newest={newest} onRestored={onClose} />
            )}
          </li>
        ))}
      </ol>
      {state === 'failed' && <p role="alert">{t('rubric.historyFailed')}</p>}
      {state === 'loading' && <p role="status">{t('common.loading')}</p>}
      {state === 'ready' && next !== null && (
        <Button size="small" onClick={() => void more(next)}>
          {t('rubric.historyMore')}
        </Button>
      )}
    </Dialog>
  );
}

function EntryLine({ entry, newest }: { entry: VersionEntry; newest: boolean }) {
  const { t, locale } = useText();
  const members = useFrom('chat', ({ view }) => view.chat?.record.members);
  const member = members?.find(({ userId }) => userId === entry.userId);
  const person = member?.name ?? t('chat.someone');
  return (
    <>
      <span className="rubric-version">{t('rubric.version', entry.version)}</span>
      <span>{entry.by === 'AI' ? t('chat.ai') : person}</span>
      <time dateTime={entry.updatedAt}>{fullTime(entry.updatedAt, locale)}</time>
      <span className="history-changes">
        {entry.changes === undefined ? t('rubric.historyFirst') : <Summary {...entry.changes} />}
      </span>
      {newest && <span className="tag">{t('rubric.historyNow')}</span>}
    </>
  );
}

function Summary(changes: VersionChanges) {
  const { t } = useText();
  const kinds = [
    'cells',
    'weights',
    'names',
    'criteriaAdded',
    'criteriaRemoved',
    'levelsAdded',
    'levelsRemoved',
    'locks',
    'settings',
  ] as const;
  const parts = kinds.flatMap((kind) => {
    const count = changes[kind] ?? 0;
    return count > 0 ? [t(`rubric.changed.${kind}`, count)] : [];
  });
  return parts.length > 0 ? parts.join(t('common.comma')) : t('rubric.changed.nothing');
}

interface PreviewProps {
  entry: VersionEntry;
  shown: Rubric;
  newest: number;
  onRestored: () => void;
}

/** What would be different again, and the way back. */
function Preview({ entry, shown, newest, onRestored }: PreviewProps) {
  const { t } = useText();
  const { readOnly, edit } = useEditing();
  const load = useFrom('rubric', (store) => store.version);
  const [document, setDocument] = useState<Rubric | null>(null);
  const [failed, setFailed] = useState(false);
  const { version } = entry;
  useEffect(() => {
    let open = true;
    void load(version).then((found) => {
      if (!open) return;
      setDocument(found);
      setFailed(found === null);
    });
    return () => {
      open = false;
    };
  }, [load, version]);
  if (failed) return <p role="alert">{t('rubric.historyFailed')}</p>;
  if (document === null) return <p role="status">{t('common.loading')}</p>;
  const places = differences(shown, document);
  const restore = (): void => {
    edit(() => document);
    onRestored();
  };
  return (
    <div className="history-preview" data-testid="history-preview">
      {places.length === 0 && <p>{t('rubric.historySame')}</p>}
      <ul>
        {places.map((place) => (
          <li key={place.key}>
            <b>
              <PlaceName place={place} rubrics={[document, shown]} />
            </b>{' '}
            <del>{place.before || t('rubric.nothing')}</del>{' '}
            <ins>{place.after || t('rubric.nothing')}</ins>
          </li>
        ))}
      </ul>
      {!readOnly && version !== newest && places.length > 0 && (
        <Button size="small" look="primary" data-testid="history-restore" onClick={restore}>
          {t('rubric.restore', version)}
        </Button>
      )}
    </div>
  );
}
