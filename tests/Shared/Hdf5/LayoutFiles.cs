namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>
/// Every supported layout, one scalar each, written by h5py, with the values that h5py itself reads (float64, subjects × elements) as
/// reference.
/// </summary>
public sealed class LayoutFiles : IDisposable
{
    private const string Script = """
        S, E = 37, 301
        data = rng.normal(size=(S, E)) * 40
        data[3, 5] = np.nan; data[4, 300] = np.inf
        whole = rng.integers(-100, 100, size=(S, E))

        def dump(name, values, where=path):
            np.ascontiguousarray(values, dtype='<f8').tofile(where + '.' + name)

        def add(f, name, values, transposed=False, where=path, **options):
            stored = values.T if transposed else values
            d = scalar(f, name, stored, sources=names(S), **options)
            dump(name, d[()].T if transposed else d[()], where)
            return d

        with h5py.File(path, 'w') as f:
            gz = dict(compression='gzip', shuffle=True)
            add(f, 'column_f4', data.astype('f4'), chunks=(S, 64), **gz)
            add(f, 'column_f8', data, chunks=(S, 64), **gz)
            add(f, 'tiles_f4', data.astype('f4'), chunks=(32, 32), **gz)
            add(f, 'tiles_f8_transposed', data, transposed=True, chunks=(32, 32), **gz)
            add(f, 'rows_f4_transposed', data.astype('f4'), transposed=True, chunks=(50, S), **gz)
            add(f, 'one_chunk', data.astype('f4'), chunks=(S, E), **gz)
            for level in range(10):
                add(f, f'gzip{level}_shuffle', data.astype('f4'), chunks=(S, 100), compression='gzip', compression_opts=level, shuffle=True)
                add(f, f'gzip{level}', data.astype('f4'), chunks=(S, 100), compression='gzip', compression_opts=level)
            add(f, 'shuffle_only', data.astype('f4'), chunks=(S, 100), shuffle=True)
            add(f, 'chunks_only', data, chunks=(10, 100))
            add(f, 'fletcher', data.astype('f4'), chunks=(S, 100), fletcher32=True, **gz)
            for t in ['<f4', '>f4', '<f8', '>f8', 'i1', 'u1', '<i2', '>i2', '<u2', '>u2', '<i4', '>i4', '<u4', '>u4', '<i8', '>i8', '<u8', '>u8']:
                values = data if 'f' in t else (whole if 'i' in t else whole + 100)
                add(f, 'chunked' + t, values.astype(t), chunks=(20, 100), **gz)
                add(f, 'contiguous' + t, values.astype(t))
                add(f, 'turned' + t, values.astype(t), transposed=True)
            add(f, 'half', data.astype('f2'), chunks=(S, 100), **gz)
            add(f, 'scaleoffset', whole.astype('i4'), chunks=(20, 100), scaleoffset=0)
            add(f, 'szip', data.astype('f4'), chunks=(20, 100), compression='szip')
            add(f, 'szip_transposed', data.astype('f4'), transposed=True, chunks=(100, 20), compression='szip')
            add(f, 'lzf', data.astype('f4'), chunks=(S, 100), compression='lzf', shuffle=True)
            add(f, 'external', data, external=path + '.raw')

            d = scalar(f, 'skipped_filters', np.zeros((S, E), 'f4'), chunks=(S, 100), **gz)
            chunk = np.zeros((S, 100), 'f4'); chunk[:] = data[:, :100]
            d.id.write_direct_chunk((0, 0), chunk.tobytes(), filter_mask=3)
            import zlib
            d.id.write_direct_chunk((0, 100), zlib.compress(chunk.tobytes()), filter_mask=1)
            dump('skipped_filters', d[()])

            d = f['scalars'].create_group('missing').create_dataset('values', shape=(S, E), dtype='f4', chunks=(20, 100), fillvalue=-2.5, **gz)
            f['scalars/missing/column_names'] = np.array(names(S), dtype='S')
            d[21:30, 120:130] = 7
            dump('missing', d[()])
            d = f['scalars'].create_group('never').create_dataset('values', shape=(S, E), dtype='f8', fillvalue=1.5)
            f['scalars/never/column_names'] = np.array(names(S), dtype='S')
            dump('never', d[()])

            p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_layout(h5py.h5d.COMPACT)
            f['scalars'].create_group('compact')
            small = whole.astype('i1')
            h5py.h5d.create(f['scalars/compact'].id, b'values', h5py.h5t.STD_I8LE, h5py.h5s.create_simple((S, E)), p).write(h5py.h5s.ALL, h5py.h5s.ALL, small)
            f['scalars/compact/column_names'] = np.array(names(S), dtype='S')
            dump('compact', small)

        with h5py.File(path + '.block.h5', 'w', userblock_size=1024) as f:
            add(f, 'block_chunked', data.astype('f4'), where=path + '.block.h5', chunks=(20, 100), **gz)
            add(f, 'block_contiguous', data, where=path + '.block.h5')
        with h5py.File(path + '.latest.h5', 'w', libver='latest') as f:
            add(f, 'fixed_array', data.astype('f4'), where=path + '.latest.h5', chunks=(20, 100), **gz)
            add(f, 'single_chunk', data.astype('f4'), where=path + '.latest.h5', chunks=(S, E), **gz)
            add(f, 'extensible', data, where=path + '.latest.h5', chunks=(20, 100), maxshape=(None, E), **gz)
            add(f, 'implicit', data, where=path + '.latest.h5', chunks=(20, 100))
        """;

    private readonly PythonFile _file = new(Script);

    /// <summary>The file that contains a scalar.</summary>
    public string FileOf(string scalar) =>
        _file.Path
        + (
            scalar.StartsWith("block_", StringComparison.Ordinal) ? ".block.h5"
            : scalar is "fixed_array" or "single_chunk" or "extensible" or "implicit" ? ".latest.h5"
            : ""
        );

    /// <summary>The values of a scalar as read by h5py.</summary>
    public double[] Expected(string scalar)
    {
        var bytes = File.ReadAllBytes(FileOf(scalar) + "." + scalar);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes).ToArray();
    }

    public void Dispose() => _file.Dispose();
}
