import { ActionIcon, CloseButton, Loader, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { Ref } from 'react';

interface SearchBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly value: string;
  readonly placeholder: string;
  readonly busy: boolean;
  readonly scope: 'all' | 'here' | undefined;
  readonly onChange: (value: string) => void;
  readonly onSubmit: () => void;
  readonly onScope: (scope: 'all' | 'here') => void;
  /** The arrow down leaves the box for the list. */
  readonly onDown: () => void;
}

export function SearchBox({ ref, value, placeholder, busy, scope, ...on }: SearchBoxProps) {
  return (
    <search className="search-bar">
      <form
        className="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          on.onSubmit();
        }}
      >
        <TextInput
          ref={ref}
          className="search-input"
          size="lg"
          radius="md"
          type="search"
          name="q"
          dir="auto"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={512}
          aria-label="Search documents"
          aria-keyshortcuts="/"
          placeholder={placeholder}
          value={value}
          onChange={(event) => on.onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              on.onDown();
            } else if (event.key === 'Escape' && value !== '') {
              event.preventDefault();
              on.onChange('');
            }
          }}
          leftSection={busy ? <Loader size={18} /> : <IconSearch size={20} stroke={1.8} aria-hidden />}
          rightSection={
            value !== '' ? (
              <CloseButton aria-label="Clear the search" onClick={() => on.onChange('')} />
            ) : (
              <ActionIcon component="kbd" variant="default" className="search-key" aria-hidden tabIndex={-1}>
                /
              </ActionIcon>
            )
          }
        />
      </form>
      {scope && (
        <SegmentedControl
          className="search-scope"
          size="sm"
          aria-label="Where to search"
          value={scope}
          onChange={(chosen) => on.onScope(chosen === 'here' ? 'here' : 'all')}
          data={[
            { value: 'all', label: 'Everywhere' },
            { value: 'here', label: 'This node' },
          ]}
        />
      )}
    </search>
  );
}
