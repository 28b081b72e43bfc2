import type { MouseEvent } from 'react';
import type { Rubric } from '../../protocol/rubric.ts';
import { findingsOf, type Finding } from '../../sync/rubric_check.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useEditing } from './editing.ts';
import { textIn } from './text_of.ts';

/** What is odd about the table, with one click to mend it or to go there. */
export function Findings({ rubric }: { rubric: Rubric }) {
  const { t } = useText();
  const { readOnly, shown, edit } = useEditing();
  // The sum of the weights stands beside the total already, with its own button.
  const findings = findingsOf(rubric).filter(({ code }) => code !== 'weights_not_100');
  if (findings.length === 0) return null;
  const nameOf = ({ criterionId, levelId }: Finding): string => {
    const criterion = rubric.criteria.find(({ id }) => id === criterionId);
    const level = rubric.levels.find(({ id }) => id === levelId);
    return [criterion?.name, level?.name]
      .flatMap((name) => (name === undefined ? [] : textIn(name, shown)))
      .join(' · ');
  };
  return (
    <details className="findings" data-testid="findings">
      <summary>
        <Icon name="warn" /> {t('rubric.findings', findings.length)}
      </summary>
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.criterionId ?? ''} ${finding.levelId ?? ''}`}>
            <span>{t(`rubric.finding.${finding.code}`, nameOf(finding))}</span>
            {!readOnly && finding.fix !== null && (
              <Button size="small" onClick={() => edit(finding.fix ?? ((old) => old))}>
                {t('rubric.fix')}
              </Button>
            )}
            {finding.fix === null && finding.criterionId !== null && (
              <Button size="small" look="quiet" onClick={(event) => goTo(event, finding)}>
                {t('rubric.goTo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Puts the focus into the place, where it is on the page. */
function goTo(event: MouseEvent<HTMLElement>, { criterionId, levelId }: Finding): void {
  const cells = event.currentTarget
    .closest('.rubric')
    ?.querySelectorAll<HTMLElement>('[data-testid=rubric-cell]');
  const cell = [...(cells ?? [])].find(
    ({ dataset }) =>
      dataset.criterion === criterionId && (levelId === null || dataset.level === levelId),
  );
  cell?.scrollIntoView({ block: 'center' });
  cell?.querySelector<HTMLElement>('[role=textbox]')?.focus();
}
