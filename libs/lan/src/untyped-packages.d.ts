declare module 'node-arp' {
  const nodeArp: { getMAC(address: string, callback: (failed: boolean, mac: unknown) => void): void };
  export default nodeArp;
}
declare module 'network' {
  interface Found {
    name?: string;
    gateway_ip?: string;
  }
  const network: { get_active_interface(callback: (error: unknown, found: Found | undefined) => void): void };
  export default network;
}
