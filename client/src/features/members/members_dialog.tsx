import { useState, type SubmitEvent } from 'react';
import type { Member, MemberRole } from '../../protocol/chat.ts';
import { Avatar, Button, Field, IconButton } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import './members.css';

const roles: readonly MemberRole[] = ['viewer', 'editor', 'owner'];

/** Who is in the chat; owners share it and take people out. */
export function MembersDialog({ myId, onClose }: { myId: string; onClose: () => void }) {
  const { t, errorOf } = useText();
  const members = useFrom('chat', ({ view }) => view.chat?.record.members ?? noMembers);
  const myRole = useFrom('chat', ({ view }) => view.chat?.record.role ?? 'viewer');
  const error = useFrom('chat', (chat) => chat.memberError);
  return (
    <Dialog title={t('members.title')} onClose={onClose}>
      <ul className="members">
        {members.map((member) => (
          <MemberLine
            key={member.userId}
            member={member}
            me={member.userId === myId}
            mayManage={myRole === 'owner'}
          />
        ))}
      </ul>
      {myRole === 'owner' && <ShareForm />}
      <div role="alert">{error !== null && <p className="form-error">{errorOf(error)}</p>}</div>
    </Dialog>
  );
}

const noMembers: readonly Member[] = [];

interface LineProps {
  member: Member;
  me: boolean;
  mayManage: boolean;
}

function MemberLine({ member, me, mayManage }: LineProps) {
  const { t } = useText();
  const here = useFrom('chat', (chat) => chat.people.present.includes(member.userId));
  const add = useFrom('chat', (chat) => chat.addMember);
  const remove = useFrom('chat', (chat) => chat.removeMember);
  return (
    <li className="member">
      <span className={here ? 'member-face member-here' : 'member-face'}>
        <Avatar name={member.name} />
        {here && <span className="hidden">{t('members.here')}</span>}
      </span>
      <span className="member-who">
        <span className="member-name">
          {member.name}
          {me && <span className="member-me">{t('members.you')}</span>}
        </span>
        <span className="member-email">{member.email}</span>
      </span>
      {mayManage && !me ? (
        <RoleSelect
          label={t('members.role')}
          value={member.role}
          onChange={(role) => void add(member.email, role)}
        />
      ) : (
        <span className="member-role">{t(`members.${member.role}`)}</span>
      )}
      {(mayManage || me) && (
        <IconButton
          size="small"
          icon={me ? 'exit' : 'close'}
          label={me ? t('members.leave') : t('members.remove', member.name)}
          onClick={() => void remove(member.userId)}
        />
      )}
    </li>
  );
}

function ShareForm() {
  const { t } = useText();
  const add = useFrom('chat', (chat) => chat.addMember);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<MemberRole>('editor');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const added = await add(email.trim(), role);
    setBusy(false);
    if (added) setEmail('');
  };
  return (
    <form className="share" onSubmit={(event) => void submit(event)}>
      <Field
        label={t('members.email')}
        hint={t('members.hint')}
        type="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        data-testid="member-email"
      />
      <RoleSelect label={t('members.role')} value={role} onChange={setRole} />
      <Button type="submit" look="primary" disabled={busy} data-testid="member-add">
        {t('members.add')}
      </Button>
    </form>
  );
}

interface RoleProps {
  label: string;
  value: MemberRole;
  onChange: (role: MemberRole) => void;
}

function RoleSelect({ label, value, onChange }: RoleProps) {
  const { t } = useText();
  return (
    <select
      className="input member-select"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(roles.find((role) => role === event.target.value) ?? value)}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {t(`members.${role}`)}
        </option>
      ))}
    </select>
  );
}
