import { useQuery } from '@tanstack/react-query';
import { count } from '../format/count.ts';
import { when } from '../format/when.ts';
import { devicesQuery } from '../live/queries.ts';
import { useNow } from '../live/use-now.ts';
import { compareAddresses } from './compare-addresses.ts';
import { deviceAnswer } from './device-answer.ts';

/** What else is on the network, folded: each with the reason why it is no peer. */
export function DevicesList() {
  const { data: devices = [] } = useQuery(devicesQuery);
  const now = useNow();
  const others = devices
    .filter(({ peer, answer }) => !peer && answer !== 'peer' && answer !== 'self')
    .toSorted((a, b) => compareAddresses(a.address, b.address));
  const loud = others.filter(({ answer }) => deviceAnswer(answer).loud).length;
  return (
    <details className="card devices">
      <summary>
        <h2 className="devices-title">
          {others.length === 0 ? 'No other devices' : `${count(others.length, 'device')} without Kith`}
          {loud > 0 && <span className="devices-loud">, {loud} suspicious</span>}
        </h2>
      </summary>
      <ul className="device-list small">
        {others.map((device) => {
          const { reason, advice, loud: isLoud } = deviceAnswer(device.answer);
          return (
            <li key={device.address} className="device">
              <div>
                <span className="mono">{device.address}</span>
                <div className="quiet mono device-mac">{device.mac ?? ''}</div>
              </div>
              <div>
                <span className={isLoud ? 'device-bad' : undefined}>
                  {device.isDefaultGateway && 'The router. '}
                  {reason}
                </span>{' '}
                <span className="quiet">{advice}</span>
                {device.detail && (
                  <div className="quiet device-detail" dir="auto">
                    {device.detail}
                  </div>
                )}
              </div>
              <div className="quiet device-seen">
                {device.interface && `${device.interface}, `}seen {when(device.lastSeenAt, { now })}
              </div>
            </li>
          );
        })}
      </ul>
      {others.length === 0 && <p className="small quiet">Nothing else was seen on this network.</p>}
    </details>
  );
}
