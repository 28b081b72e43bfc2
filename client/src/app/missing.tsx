import { paths } from '../stores/route_store.ts';
import { Empty } from '../ui/controls.tsx';
import { useText } from '../ui/i18n/use_text.tsx';
import { Link } from '../ui/link.tsx';

/** At an address that means nothing. */
export function Missing() {
  const { t } = useText();
  return (
    <section>
      <title>{t('app.name')}</title>
      <Empty title={t('missing.title')}>
        <p>{t('missing.text')}</p>
        <Link to={paths.home}>{t('chat.goneHome')}</Link>
      </Empty>
    </section>
  );
}
