import { useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Menu } from '../../ui/menu.tsx';
import { saveFile } from '../../ui/save_file.ts';
import { useFrom } from '../../ui/stores.tsx';
import { ExportWarnings } from './export_warnings.tsx';
import type { Shown } from './text_of.ts';

/** As `format` of contract/openapi.yaml names them, what teachers want most first. */
const formats = {
  documents: ['docx', 'xlsx', 'html', 'markdown', 'csv'],
  platforms: ['canvas-csv', 'classroom-json', 'moodle-json', 'moodle-xml', 'turnitin-xlsx'],
  exchange: ['case-json', 'json'],
} as const;
const groups = ['documents', 'platforms', 'exchange'] as const;

/** The table as a file of another program, in the language that is shown. */
export function ExportMenu({ shown }: { shown: Shown }) {
  const { t } = useText();
  const exportAs = useFrom('rubric', (store) => store.exportAs);
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const download = async (format: string): Promise<void> => {
    const exported = await exportAs(format, shown);
    if (exported === null) {
      toast('export_failed');
    } else if (exported === 'unsaved') {
      toast('export_unsaved');
    } else {
      saveFile(exported.file, exported.name);
      setWarnings(exported.warnings);
    }
  };
  const items = groups.flatMap((group) =>
    formats[group].map((format) => ({
      text: t(`rubric.format.${format}`),
      group: t(`rubric.formats.${group}`),
      onSelect: () => void download(format),
    })),
  );
  return (
    <>
      <Menu label={t('rubric.download')} items={items}>
        <Icon name="download" />
      </Menu>
      {warnings.length > 0 && <ExportWarnings codes={warnings} onClose={() => setWarnings([])} />}
    </>
  );
}
