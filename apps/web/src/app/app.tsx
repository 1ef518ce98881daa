import { createTheme, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RequestError } from '../http/request-error.ts';
import { Entrance } from './entrance.tsx';
import './shell.css';

/** Once more is enough: the event streams tell when something has changed. */
const RETRIES = 1;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) =>
        failures < RETRIES && !(error instanceof RequestError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/**
 * Mantine writes no style sheet into the page: its variables are the static ones with the changes of
 * styles/theme.css, so that `style-src 'self'` holds.
 */
const theme = createTheme({
  primaryColor: 'teal',
  respectReducedMotion: true,
  components: {
    Drawer: { defaultProps: { lockScroll: false } },
    Modal: { defaultProps: { lockScroll: false } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
  },
});

/** `refused`: why the link with which the page was opened was not taken. */
export function App({ refused }: { readonly refused: string | undefined }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" limit={4} />
        <Entrance refused={refused} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
