using HpcFit.Tests;

namespace HpcFit.Shared.Tests.Surfaces;

/// <summary>GIfTI files in a folder of their own, made by nibabel, and their text for tests that damage it.</summary>
public sealed class SurfaceFiles : IDisposable
{
    private const string Script = """
        import json, sys
        import nibabel, numpy
        folder = sys.argv[1]
        rng = numpy.random.default_rng(5)
        points = rng.normal(scale=40, size=(30, 3)).astype('f4')
        triangles = rng.integers(0, 30, size=(50, 3)).astype('i4')
        transform = numpy.array([[1, 0, 0, 3], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
        def save(name, encoding, endian, point_type='NIFTI_TYPE_FLOAT32', order='RowMajorOrder'):
            def array(data, intent, kind):
                data = numpy.asarray(data)
                made = nibabel.gifti.GiftiDataArray(data, intent=intent, datatype=kind, encoding=encoding, endian=endian, ordering=order)
                if intent.endswith('POINTSET'):
                    made.meta['AnatomicalStructurePrimary'] = 'CortexLeft'
                    made.coordsys = nibabel.gifti.GiftiCoordSystem(0, 3, transform)
                return made
            image = nibabel.GiftiImage(darrays=[array(points, 'NIFTI_INTENT_POINTSET', point_type),
                                                array(triangles, 'NIFTI_INTENT_TRIANGLE', 'NIFTI_TYPE_INT32')])
            nibabel.save(image, f'{folder}/{name}.surf.gii')
            return nibabel.load(f'{folder}/{name}.surf.gii')
        read = {}
        for name, encoding, endian in (('ascii', 'GIFTI_ENCODING_ASCII', 'little'), ('base64', 'GIFTI_ENCODING_B64BIN', 'little'),
                                       ('deflated', 'GIFTI_ENCODING_B64GZ', 'little')):
            image = save(name, encoding, endian)
            read[name] = [array.data.ravel().tolist() for array in image.darrays]
        # nibabel labels arrays as big-endian without swapping them, so the bytes are made here.
        import base64, zlib
        text = open(f'{folder}/base64.surf.gii').read()
        def data(array, kind, compress):
            stored = array.astype(kind).tobytes()
            return base64.b64encode(zlib.compress(stored) if compress else stored).decode()
        for name, compress in (('big', False), ('bigdeflated', True), ('float64', False)):
            point_kind, face_kind = ('<f8', '<i4') if name == 'float64' else ('>f4', '>i4')
            made = text.replace(data(points, '<f4', False), data(points, point_kind, compress))
            made = made.replace(data(triangles, '<i4', False), data(triangles, face_kind, compress))
            if name == 'float64':
                made = made.replace('NIFTI_TYPE_FLOAT32', 'NIFTI_TYPE_FLOAT64')
            else:
                made = made.replace('LittleEndian', 'BigEndian')
            if compress:
                made = made.replace('Base64Binary', 'GZipBase64Binary')
            open(f'{folder}/{name}.surf.gii', 'w').write(made)
            read[name] = [array.data.ravel().tolist() for array in nibabel.load(f'{folder}/{name}.surf.gii').darrays]
        # Columns first: the same values, transposed.
        made = text.replace(data(points, '<f4', False), data(points.T, '<f4', False))
        made = made.replace(data(triangles, '<i4', False), data(triangles.T, '<i4', False))
        open(f'{folder}/columns.surf.gii', 'w').write(made.replace('RowMajorOrder', 'ColumnMajorOrder'))
        read['columns'] = [array.data.ravel().tolist() for array in nibabel.load(f'{folder}/columns.surf.gii').darrays]
        import gzip
        open(f'{folder}/whole.surf.gii.gz', 'wb').write(gzip.compress(text.encode()))
        shape = nibabel.gifti.GiftiDataArray(points[:, 0], intent='NIFTI_INTENT_SHAPE', datatype='NIFTI_TYPE_FLOAT32')
        nibabel.save(nibabel.GiftiImage(darrays=[shape]), f'{folder}/values.shape.gii')
        print(json.dumps(read))
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-surfaces-").FullName;

    public SurfaceFiles()
    {
        var end = PythonScript.Run(Script, _folder);
        end.ExitCode.ShouldBe(0, end.Errors);
        ReadByNibabel = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, double[][]>>(end.Output)!;
    }

    /// <summary>Points and triangles of each file as nibabel reads them.</summary>
    public IReadOnlyDictionary<string, double[][]> ReadByNibabel { get; }

    /// <summary>The path of a file.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Writes a copy of a file with a part of its text replaced, and returns its path.</summary>
    public string Changed(string name, string part, string replacement)
    {
        var text = File.ReadAllText(this[name + ".surf.gii"]);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, part);
        var path = this["changed.surf.gii"];
        File.WriteAllText(path, text[..at] + replacement + text[(at + part.Length)..]);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
