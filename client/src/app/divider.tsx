import { panelWidthMax, panelWidthMin } from '../stores/settings_store.ts';
import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';

const keyStep = 3;

/** Between conversation and rubric: drag it, or move it with the arrow keys. */
export function Divider() {
  const { t } = useText();
  const width = useFrom('settings', (settings) => settings.panelWidth);
  const setWidth = useFrom('settings', (settings) => settings.setPanelWidth);
  return (
    <div
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('rubric.divider')}
      aria-valuenow={Math.round(width)}
      aria-valuemin={panelWidthMin}
      aria-valuemax={panelWidthMax}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setWidth(width + keyStep);
        if (event.key === 'ArrowRight') setWidth(width - keyStep);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const handle = event.currentTarget;
        const split = handle.parentElement?.getBoundingClientRect();
        if (!handle.hasPointerCapture(event.pointerId) || split === undefined) return;
        setWidth(((split.right - event.clientX) / split.width) * 100);
      }}
    />
  );
}
