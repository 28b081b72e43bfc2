import { useEffect } from 'react';
import { Entrance, LapsedDialog } from '../features/login/entrance.tsx';
import { paths, type Route } from '../stores/route_store.ts';
import { TextProvider, useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';
import { Boundary } from './boundary.tsx';
import { Shell } from './shell.tsx';
import { useDocumentSettings } from './use_document_settings.ts';

export function App() {
  const locale = useFrom('settings', (settings) => settings.locale);
  useDocumentSettings();
  return (
    <TextProvider locale={locale}>
      <Boundary>
        <Doors />
      </Boundary>
    </TextProvider>
  );
}

/** Those who are signed in see the page, the others the entrance; addresses follow. */
function Doors() {
  const { t } = useText();
  const state = useFrom('session', (session) => session.state);
  const route = useFrom('route', (store) => store.route);
  const go = useFrom('route', (store) => store.go);
  const target = redirect(state.kind, route);
  useEffect(() => {
    if (target !== null) go(target, 'replace');
  }, [target, go]);
  if (state.kind === 'starting') {
    return <div className="starting" role="status" aria-label={t('common.loading')} />;
  }
  if (state.kind === 'signed_out') {
    return <Entrance page={route.page === 'register' ? 'register' : 'login'} />;
  }
  return (
    <>
      <Shell user={state.user} />
      {state.kind === 'lapsed' && <LapsedDialog email={state.user.email} />}
    </>
  );
}

function redirect(kind: string, { page }: Route): string | null {
  const atEntrance = page === 'login' || page === 'register';
  if (kind === 'signed_out' && !atEntrance) return paths.login;
  if ((kind === 'signed_in' || kind === 'lapsed') && atEntrance) return paths.home;
  return null;
}
