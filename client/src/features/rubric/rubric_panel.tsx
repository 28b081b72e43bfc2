import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';
import { rubricLimits, type Rubric } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { setTitle } from '../../sync/rubric_edit.ts';
import type { RubricView } from '../../sync/rubric_sync.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { phoneQuery, useMedia } from '../../ui/use_media.ts';
import { blankRubric } from './blank_rubric.ts';
import { ConflictDialog } from './conflict_dialog.tsx';
import { EditingContext, type Editing } from './editing.ts';
import { Findings } from './findings.tsx';
import { ImportDialog } from './import_dialog.tsx';
import { LocalisedField } from './localised_field.tsx';
import { ProposalBar } from './proposal_bar.tsx';
import { RubricCards } from './rubric_cards.tsx';
import { RubricTable } from './rubric_table.tsx';
import { RubricSums, RubricToolbar } from './rubric_toolbar.tsx';
import { firstShown, textIn, type Shown } from './text_of.ts';
import './history.css';
import './proposal.css';
import './rubric.css';
import './table.css';

const nothing: ReadonlySet<string> = new Set();

/** The rubric beside the conversation. */
export function RubricPanel() {
  const view = useFrom('rubric', (store) => store.view);
  const role = useFrom('chat', (chat) => chat.view.chat?.record.role ?? 'viewer');
  const known = useFrom('chat', (chat) => chat.view.chat !== null);
  if (view.rubric === null) return <NoRubric mayCreate={known && role !== 'viewer'} />;
  return <Filled rubric={view.rubric} view={view} readOnly={role === 'viewer'} />;
}

interface FilledProps {
  rubric: Rubric;
  view: RubricView;
  readOnly: boolean;
}

function Filled({ rubric, view, readOnly }: FilledProps) {
  const { t } = useText();
  const edit = useFrom('rubric', (store) => store.edit);
  const newId = useFrom('rubric', (store) => store.newId);
  const undo = useFrom('rubric', (store) => store.undo);
  const phone = useMedia(phoneQuery);
  const [language, setLanguage] = useState<Shown | null>(null);
  const shown = language ?? firstShown(rubric);
  const { changed, proposal } = view;
  const [chosen, choose] = useChosen(proposal?.seq ?? 0);
  const editing = useMemo<Editing>(
    () => ({ shown, readOnly, changed, proposal, chosen, choose, edit, newId }),
    [shown, readOnly, changed, proposal, chosen, choose, edit, newId],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const typing =
      event.target instanceof HTMLElement && event.target.matches('input, [role=textbox]');
    if (typing || event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    undo();
  };
  const Body = phone ? RubricCards : RubricTable;
  return (
    <EditingContext value={editing}>
      <section className="rubric" aria-label={t('rubric.title')} onKeyDown={onKeyDown}>
        <header className="rubric-head">
          <div className={changed.has(placeKey.title) ? 'rubric-title flash' : 'rubric-title'}>
            <LocalisedField
              label={t('rubric.name')}
              text={rubric.title}
              placeholder={t('rubric.name')}
              maxLength={rubricLimits.name}
              onChange={(language, text) => edit((old) => setTitle(old, language, text))}
            />
          </div>
          <div className="rubric-bar">
            <SaveState view={view} />
            <RubricToolbar rubric={rubric} onShown={setLanguage} />
          </div>
          <RubricSums rubric={rubric} />
          <Findings rubric={rubric} />
        </header>
        {proposal !== null && <ProposalBar proposal={proposal} rubric={rubric} />}
        <Body rubric={rubric} label={textIn(rubric.title, shown) || t('rubric.title')} />
        {view.conflict !== null && (
          <ConflictDialog key={view.conflict.theirs.version} conflict={view.conflict} />
        )}
      </section>
    </EditingContext>
  );
}

/** Which places of the proposal `seq` are wanted; another proposal begins with none. */
function useChosen(seq: number): [ReadonlySet<string>, Editing['choose']] {
  const [state, setState] = useState({ seq, keys: nothing });
  const keys = state.seq === seq ? state.keys : nothing;
  const choose = useCallback(
    (key: string, wanted: boolean): void =>
      setState((old) => {
        const next = new Set(old.seq === seq ? old.keys : nothing);
        if (wanted) next.add(key);
        else next.delete(key);
        return { seq, keys: next };
      }),
    [seq],
  );
  return [keys, choose];
}

function SaveState({ view }: { view: RubricView }) {
  const { t, errorOf } = useText();
  return (
    <p className="save-state">
      <span className="rubric-version" data-testid="rubric-version" data-version={view.version}>
        {t('rubric.version', view.version)}
      </span>
      <span role="status">{t(`rubric.${view.saving}`)}</span>
      {view.refusal !== null && (
        <span className="form-error" role="alert">
          {errorOf(view.refusal.code)} {view.refusal.messages.join(' ')}
        </span>
      )}
    </p>
  );
}

function NoRubric({ mayCreate }: { mayCreate: boolean }) {
  const { t, locale } = useText();
  const create = useFrom('rubric', (store) => store.create);
  const [importing, setImporting] = useState(false);
  const start = (): void =>
    create(blankRubric(locale, t('rubric.title'), t('rubric.newCriterion')));
  return (
    <section className="rubric rubric-none" aria-label={t('rubric.title')}>
      <div className="rubric-ghost" aria-hidden="true">
        {Array.from({ length: 12 }, (_, index) => (
          <span key={index} />
        ))}
      </div>
      <h2 className="empty-title">{t('rubric.empty')}</h2>
      <p className="rubric-none-text">{t('rubric.emptyText')}</p>
      {mayCreate && (
        <Button onClick={start}>
          <Icon name="plus" /> {t('rubric.create')}
        </Button>
      )}
      {mayCreate && (
        <Button onClick={() => setImporting(true)}>
          <Icon name="upload" /> {t('rubric.import')}
        </Button>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </section>
  );
}
