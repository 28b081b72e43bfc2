import type { Language, LocalisedText } from '../../protocol/rubric.ts';
import { EditableText } from './editable_text.tsx';
import { useEditing } from './editing.ts';
import { languagesOf } from './text_of.ts';

interface Props {
  label: string;
  text: LocalisedText;
  placeholder: string;
  maxLength: number;
  className?: string;
  onChange: (language: Language, text: string) => void;
}

/** A text in the shown language, or one under the other in both. */
export function LocalisedField({ label, text, className = '', onChange, ...rest }: Props) {
  const { shown, readOnly } = useEditing();
  return languagesOf(shown).map((language) => {
    const own = text[language];
    // Rather the other language than nothing; editing it makes the missing text.
    const other = shown === 'both' ? '' : (text[language === 'en' ? 'zh-TW' : 'en'] ?? '');
    const borrowed = own === undefined && other !== '';
    const names = borrowed ? `${className} editable-borrowed` : className;
    return (
      <EditableText
        key={language}
        label={shown === 'both' ? `${label} (${language})` : label}
        text={own ?? other}
        language={language}
        readOnly={readOnly}
        className={names}
        onChange={(typed) => onChange(language, typed)}
        {...rest}
      />
    );
  });
}
