import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';

/** As `Rubricon-Warnings` of contract/openapi.yaml names them. */
const known = [
  'kind_not_kept',
  'weights_not_100',
  'empty_descriptor',
  'title_cut',
  'points_equal',
  'too_large',
  'assignment_unknown',
] as const;

interface Props {
  codes: readonly string[];
  onClose: () => void;
}

/** What the file that was saved could not hold, or what its program may refuse. */
export function ExportWarnings({ codes, onClose }: Props) {
  const { t } = useText();
  const told = known.filter((code) => codes.includes(code));
  return (
    <Dialog title={t('rubric.exported')} onClose={onClose}>
      <p>{t('rubric.exportedText')}</p>
      <ul className="import-notes" data-testid="export-warnings">
        {told.map((code) => (
          <li key={code}>
            <Icon name="warn" /> {t(`rubric.warning.${code}`)}
          </li>
        ))}
        {told.length < codes.length && (
          <li>
            <Icon name="warn" /> {t('rubric.warning.other')}
          </li>
        )}
      </ul>
      <div className="conflict-choice">
        <Button look="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </Dialog>
  );
}
