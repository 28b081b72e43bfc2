import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Menu } from '../../ui/menu.tsx';
import { saveFile } from '../../ui/save_file.ts';
import { useFrom } from '../../ui/stores.tsx';
import type { Shown } from './text_of.ts';

/** As `format` of contract/openapi.yaml names them, what teachers want most first. */
const formats = [
  'docx',
  'xlsx',
  'html',
  'markdown',
  'csv',
  'canvas-csv',
  'classroom-json',
  'moodle-json',
  'moodle-xml',
  'turnitin-xlsx',
  'case-json',
  'json',
] as const;

/** The stored table as a file of another program, in the language that is shown. */
export function ExportMenu({ shown }: { shown: Shown }) {
  const { t } = useText();
  const exportAs = useFrom('rubric', (store) => store.exportAs);
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const download = async (format: string): Promise<void> => {
    const exported = await exportAs(format, shown);
    if (exported === null) toast('export_failed');
    else saveFile(exported.file, exported.name);
  };
  const items = formats.map((format) => ({
    text: t(`rubric.format.${format}`),
    onSelect: () => void download(format),
  }));
  return (
    <Menu label={t('rubric.download')} items={items}>
      <Icon name="download" />
    </Menu>
  );
}
