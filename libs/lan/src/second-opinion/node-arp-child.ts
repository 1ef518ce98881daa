/** Runs in a process of its own, started by `askNodeArp` with an address: prints `{"mac": …}` and ends. */
import nodeArp from 'node-arp';

// The package reports failures by console.log, where the answer goes.
console.log = () => {};
nodeArp.getMAC(process.argv[2] ?? '', (failed, mac) => {
  process.stdout.write(JSON.stringify(failed ? {} : { mac }), () => process.exit(0));
});
