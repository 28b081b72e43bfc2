import { useState, type SubmitEvent } from 'react';
import { Button, Field } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import type { Key } from '../../ui/i18n/messages.ts';
import { Link } from '../../ui/link.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { paths } from '../../stores/route_store.ts';
import './login.css';

const pitches: readonly { icon: IconName; text: Extract<Key, `login.pitch${string}`> }[] = [
  { icon: 'chat', text: 'login.pitch1' },
  { icon: 'table', text: 'login.pitch2' },
  { icon: 'people', text: 'login.pitch3' },
];

/** The page for those who are not signed in: signing in, or making an account. */
export function Entrance({ page }: { page: 'login' | 'register' }) {
  const { t } = useText();
  return (
    <main className="entrance">
      <section className="entrance-pitch">
        <p className="entrance-mark">
          <Icon name="table" /> {t('app.name')}
        </p>
        <h1 className="entrance-tagline">{t('app.tagline')}</h1>
        <ul className="entrance-points">
          {pitches.map(({ icon, text }) => (
            <li key={text}>
              <Icon name={icon} />
              {t(text)}
            </li>
          ))}
        </ul>
      </section>
      <section className="entrance-card" aria-labelledby="entrance-title">
        <h2 id="entrance-title" className="entrance-title">
          {t(`${page}.title`)}
        </h2>
        <p className="entrance-subtitle">{t(`${page}.subtitle`)}</p>
        {page === 'login' ? <SignInForm /> : <RegisterForm />}
        {page === 'login' ? (
          <Link to={paths.register} data-testid="to-register">
            {t('login.toRegister')}
          </Link>
        ) : (
          <Link to={paths.login} data-testid="to-login">
            {t('register.toLogin')}
          </Link>
        )}
      </section>
    </main>
  );
}

/** Over the page when the server no longer takes the session: nothing unsent is lost. */
export function LapsedDialog({ email }: { email: string }) {
  const { t } = useText();
  const signOut = useFrom('session', (session) => session.signOut);
  return (
    <Dialog title={t('login.lapsed')}>
      <p>{t('login.lapsedText')}</p>
      <SignInForm email={email} />
      <Button look="quiet" onClick={() => void signOut()}>
        {t('login.other')}
      </Button>
    </Dialog>
  );
}

function SignInForm({ email = '' }: { email?: string }) {
  const { t } = useText();
  const busy = useFrom('session', (session) => session.busy);
  const signIn = useFrom('session', (session) => session.signIn);
  const [fields, setFields] = useState({ email, password: '' });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void signIn(fields.email.trim(), fields.password);
  };
  return (
    <form className="entrance-form" onSubmit={submit}>
      <Field
        label={t('login.email')}
        type="email"
        autoComplete="username"
        required
        readOnly={email !== ''}
        autoFocus={email === ''}
        value={fields.email}
        onChange={(event) => setFields({ ...fields, email: event.target.value })}
        data-testid="login-email"
      />
      <PasswordField
        autoComplete="current-password"
        value={fields.password}
        onChange={(password) => setFields({ ...fields, password })}
      />
      <FormError />
      <Button type="submit" look="primary" disabled={busy} data-testid="login-submit">
        {t('login.submit')}
      </Button>
    </form>
  );
}

function RegisterForm() {
  const { t, locale } = useText();
  const busy = useFrom('session', (session) => session.busy);
  const register = useFrom('session', (session) => session.register);
  const [fields, setFields] = useState({ name: '', email: '', password: '' });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { name, email, password } = fields;
    void register({ name: name.trim(), email: email.trim(), password, locale });
  };
  return (
    <form className="entrance-form" onSubmit={submit}>
      <Field
        label={t('register.name')}
        autoComplete="name"
        required
        maxLength={100}
        autoFocus
        value={fields.name}
        onChange={(event) => setFields({ ...fields, name: event.target.value })}
        data-testid="register-name"
      />
      <Field
        label={t('login.email')}
        type="email"
        autoComplete="username"
        required
        value={fields.email}
        onChange={(event) => setFields({ ...fields, email: event.target.value })}
        data-testid="login-email"
      />
      <PasswordField
        autoComplete="new-password"
        hint={t('register.passwordHint')}
        value={fields.password}
        onChange={(password) => setFields({ ...fields, password })}
      />
      <FormError />
      <Button type="submit" look="primary" disabled={busy} data-testid="login-submit">
        {t('register.submit')}
      </Button>
    </form>
  );
}

interface PasswordProps {
  autoComplete: 'current-password' | 'new-password';
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

function PasswordField({ autoComplete, hint, value, onChange }: PasswordProps) {
  const { t } = useText();
  return (
    <Field
      label={t('login.password')}
      type="password"
      autoComplete={autoComplete}
      required
      minLength={autoComplete === 'new-password' ? 8 : 1}
      {...(hint === undefined ? {} : { hint })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      data-testid="login-password"
    />
  );
}

function FormError() {
  const { errorOf } = useText();
  const code = useFrom('session', (session) => session.errorCode);
  return <div role="alert">{code !== null && <p className="form-error">{errorOf(code)}</p>}</div>;
}
