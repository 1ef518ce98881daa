/** "Why can't I see it?", from the nearest cause to the farthest. */
export function NotSeenHelp() {
  return (
    <section className="card" aria-labelledby="not-seen">
      <h2 id="not-seen">Why can’t I see another node?</h2>
      <ol className="help">
        <li>
          <strong>Does Kith run there?</strong> Its page opens at <span className="mono">http://localhost:5805</span> on
          that machine.
        </li>
        <li>
          <strong>Same network?</strong> Compare the addresses above with those on its page. A guest Wi-Fi, or one with
          “client isolation”, keeps machines apart although both have internet.
        </li>
        <li>
          <strong>Is the right network card looked at?</strong> See above: VPN and container networks are left out.
        </li>
        <li>
          <strong>A firewall there?</strong> It must let in TCP 5800 and 5805 from the local network.
        </li>
        <li>
          <strong>macOS?</strong> System Settings → Privacy &amp; Security → Local Network must allow the terminal that
          runs Kith.
        </li>
        <li>
          <strong>Still not?</strong> Give its address under <a href="#/peers">Peers</a>, “Somebody is missing?”, or run{' '}
          <span className="mono">kith doctor</span>.
        </li>
      </ol>
    </section>
  );
}
