import { useState } from 'react';
import type { Rubric } from '../../protocol/rubric.ts';
import { setTotal, spreadWeights, weightSum } from '../../sync/rubric_edit.ts';
import { copyTable } from '../../ui/clipboard.ts';
import { Button, IconButton, Segments } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { EditableNumber } from './editable_number.tsx';
import { useEditing } from './editing.ts';
import { AskFirst } from './ask_first.tsx';
import { ExportMenu } from './export_menu.tsx';
import { HistoryDialog } from './history_dialog.tsx';
import { ImportDialog } from './import_dialog.tsx';
import { rowsOf, toHtml, toTsv } from './table_copy.ts';
import { textIn, type Shown } from './text_of.ts';

const totalMax = 10_000;

interface Props {
  rubric: Rubric;
  onShown: (shown: Shown) => void;
}

/** What can be done with the whole table. */
export function RubricToolbar({ rubric, onShown }: Props) {
  const { t } = useText();
  const { shown, readOnly } = useEditing();
  const undo = useFrom('rubric', (store) => store.undo);
  const redo = useFrom('rubric', (store) => store.redo);
  const canUndo = useFrom('rubric', ({ view }) => view.canUndo);
  const canRedo = useFrom('rubric', ({ view }) => view.canRedo);
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const [importing, setImporting] = useState(false);
  const [looking, setLooking] = useState(false);
  const copy = async (): Promise<void> => {
    const words = {
      criterion: t('rubric.criterion'),
      weight: t('rubric.weight'),
      points: (points: string) => t('rubric.points', points),
    };
    const rows = rowsOf(rubric, shown, words);
    const done = await copyTable(toHtml(textIn(rubric.title, shown), rows), toTsv(rows));
    toast(done ? 'copied' : 'copy_failed');
  };
  return (
    <div className="rubric-tools" role="toolbar" aria-label={t('rubric.title')}>
      {readOnly ? (
        <span className="tag-static">{t('rubric.readOnly')}</span>
      ) : (
        <>
          <IconButton icon="undo" label={t('common.undo')} disabled={!canUndo} onClick={undo} />
          <IconButton icon="redo" label={t('common.redo')} disabled={!canRedo} onClick={redo} />
        </>
      )}
      <Segments
        label={t('rubric.language')}
        value={shown}
        options={[
          { value: 'zh-TW', text: t('rubric.languageZh') },
          { value: 'en', text: t('rubric.languageEn') },
          { value: 'both', text: t('rubric.languageBoth') },
        ]}
        onChange={onShown}
      />
      <IconButton icon="copy" label={t('rubric.copy')} onClick={() => void copy()} />
      {!readOnly && (
        <IconButton icon="upload" label={t('rubric.import')} onClick={() => setImporting(true)} />
      )}
      <ExportMenu shown={shown} />
      <IconButton icon="clock" label={t('rubric.history')} onClick={() => setLooking(true)} />
      {looking && <HistoryDialog rubric={rubric} onClose={() => setLooking(false)} />}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}

/** Whether the numbers come out even: total, sum of weights, and the way to mend it. */
export function RubricSums({ rubric }: { rubric: Rubric }) {
  const { t } = useText();
  const { readOnly, edit } = useEditing();
  const sum = weightSum(rubric);
  return (
    <div className="sums">
      <span className={sum === 100 ? 'sum sum-even' : 'sum sum-odd'} role="status">
        <Icon name={sum === 100 ? 'check' : 'warn'} /> {t('rubric.weights', sum)}
      </span>
      {sum !== 100 && !readOnly && (
        <Button size="small" onClick={() => edit(spreadWeights)}>
          {t('rubric.spread')}
        </Button>
      )}
      <span className="sum">
        {t('rubric.total')}
        <EditableNumber
          label={t('rubric.totalPoints')}
          value={rubric.total}
          min={1}
          max={totalMax}
          readOnly={readOnly}
          onChange={(total) => edit((old) => setTotal(old, total))}
        />
      </span>
      <span className="sum">{t('rubric.levels', rubric.levels.length)}</span>
      <AskFirst />
    </div>
  );
}
