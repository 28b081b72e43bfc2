import type { Rubric } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { CriterionHead } from './criterion_head.tsx';
import { DescriptorCell } from './descriptor_cell.tsx';
import { useEditing } from './editing.ts';
import { LevelHead, tintOf } from './level_head.tsx';
import { AddCriterion } from './rubric_table.tsx';

/** On a phone each criterion is a card with its levels below each other. */
export function RubricCards({ rubric, label }: { rubric: Rubric; label: string }) {
  const { readOnly, changed } = useEditing();
  const { levels, criteria } = rubric;
  return (
    <div className="cards" role="region" aria-label={label} data-testid="rubric-table">
      {criteria.map((criterion, index) => (
        <article key={criterion.id} className="card">
          <CriterionHead criterion={criterion} index={index} count={criteria.length} />
          {levels.map((level, place) => (
            <section
              key={level.id}
              className={
                changed.has(placeKey.cell(criterion.id, level.id))
                  ? 'card-level flash'
                  : 'card-level'
              }
              style={tintOf(place, levels.length)}
              data-testid="rubric-cell"
              data-criterion={criterion.id}
              data-level={level.id}
            >
              <LevelHead level={level} index={place} count={0} />
              <DescriptorCell criterion={criterion} level={level} />
            </section>
          ))}
        </article>
      ))}
      {!readOnly && <AddCriterion rubric={rubric} />}
    </div>
  );
}
