import { lookRequestSchema } from '@kith/wire';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { devicesQuery, peersQuery } from '../live/queries.ts';
import { deviceAnswer } from './device-answer.ts';

/** "Why can't I see it?": asks one address now and says what came back. */
export function LookForm() {
  const client = useQueryClient();
  const [address, setAddress] = useState('');
  const [asked, setAsked] = useState<{ address: string; at: number } | undefined>();
  const { data: devices = [] } = useQuery({ ...devicesQuery, refetchInterval: asked ? 2000 : false });
  const { data: peers = [] } = useQuery(peersQuery);
  const look = useMutation({
    mutationFn: (at: string) => send('/_kith/look', { method: 'POST', body: { address: at } }),
    onSuccess: () => client.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });
  const isAddress = lookRequestSchema.safeParse({ address: address.trim() }).success;
  const peer = peers.find(({ addresses }) => addresses.some((one) => one.address === asked?.address));
  const device = devices.find((one) => one.address === asked?.address);
  const text = device && deviceAnswer(device.answer);

  return (
    <section className="card stack" aria-labelledby="look">
      <div>
        <h2 id="look">Somebody is missing?</h2>
        <p className="small quiet">
          Give its address (its own page shows it under “This node”): it is asked at once, and this says what came back.
        </p>
      </div>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isAddress) return;
          setAsked({ address: address.trim(), at: Date.now() });
          look.mutate(address.trim());
        }}
      >
        <TextInput
          className="grow"
          aria-label="Address of the other machine"
          placeholder="192.168.1.23"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" variant="default" disabled={!isAddress} loading={look.isPending}>
          Ask it now
        </Button>
      </form>
      <div aria-live="polite">
        {look.error && <p className="note note-bad">{messageOf(look.error)}</p>}
        {asked && look.isSuccess && (
          <p className={text?.loud ? 'note note-bad' : 'note'}>
            <span className="mono">{asked.address}</span>:{' '}
            {peer ? (
              <>
                this is <bdi className="name">{peer.name}</bdi>, see above.
              </>
            ) : text ? (
              `${text.reason} ${text.advice ?? ''}`
            ) : (
              'asked; nothing has come back yet.'
            )}
          </p>
        )}
      </div>
    </section>
  );
}
