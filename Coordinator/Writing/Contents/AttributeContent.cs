using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>An attribute of a group or dataset. HDF5 stores it in the object's header, which limits it to 64 kB.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its extents; empty for a single value.</param>
/// <param name="Bytes">The values, little-endian, C order.</param>
internal sealed record AttributeContent(string Name, ElementType Type, IReadOnlyList<long> Shape, byte[] Bytes)
{
    /// <summary>One text.</summary>
    public static AttributeContent Text(string name, string text)
    {
        var type = ElementType.TextFor([text]);
        return new(name, type, [], type.Encode([text]));
    }

    /// <summary>A list of texts.</summary>
    public static AttributeContent Texts(string name, IReadOnlyList<string> texts)
    {
        var type = ElementType.TextFor(texts);
        return new(name, type, [texts.Count], type.Encode(texts));
    }

    /// <summary>One number.</summary>
    public static AttributeContent Number(string name, double value) => new(name, ElementType.Float64, [], BitConverter.GetBytes(value));

    /// <summary>One integer.</summary>
    public static AttributeContent Integer(string name, long value) => new(name, ElementType.Int64, [], BitConverter.GetBytes(value));

    /// <summary>A list of integers.</summary>
    public static AttributeContent Integers(string name, IReadOnlyList<long> values) =>
        new(name, ElementType.Int64, [values.Count], MemoryMarshal.AsBytes<long>(values.ToArray()).ToArray());

    /// <summary>A list of numbers.</summary>
    public static AttributeContent Numbers(string name, IReadOnlyList<double> values) =>
        new(name, ElementType.Float64, [values.Count], MemoryMarshal.AsBytes<double>(values.ToArray()).ToArray());
}
