import { joinRanks } from './ranks.ts';

it('is alone where nobody says otherwise, and in a world of one', async () => {
  expect(await joinRanks({})).toBeUndefined();
  expect(await joinRanks({ OMPI_COMM_WORLD_SIZE: '1' })).toBeUndefined();
});

it('refuses to train the same run several times over under another MPI', async () => {
  await expect(joinRanks({ PMI_SIZE: '4' })).rejects.toThrow(
    'expected the mpirun of Open MPI, got another that started 4',
  );
});
