// What expressions written for Digdag may rely on beyond or unlike the standard: methods of Java strings and the texts of dates.
// What JavaScript itself defines keeps its meaning, except replaceAll, which Java defines with a regular expression.
(function (global) {
  var zoneAbbreviation = global.zoneAbbreviation;
  delete global.zoneAbbreviation;

  function defineDate(name, body) {
    Object.defineProperty(Date.prototype, name, { value: body, configurable: true, writable: true, enumerable: false });
  }

  function two(number) {
    return number < 10 ? '0' + number : String(number);
  }

  function timeText(date) {
    return two(date.getHours()) + ':' + two(date.getMinutes()) + ':' + two(date.getSeconds());
  }

  var toDateText = Date.prototype.toString;
  var toTimeText = Date.prototype.toTimeString;

  // Behind the offset stands the short name of the zone's time.
  function withAbbreviation(date, text) {
    return isNaN(date) ? text : text.replace(/\([^)]*\)$/, '(' + zoneAbbreviation(date.getTime()) + ')');
  }

  defineDate('toString', function () { return withAbbreviation(this, toDateText.call(this)); });
  defineDate('toTimeString', function () { return withAbbreviation(this, toTimeText.call(this)); });
  defineDate('toLocaleString', function () { return this.toString(); });
  defineDate('toLocaleDateString', function () {
    return isNaN(this) ? 'Invalid Date' : this.getFullYear() + '-' + two(this.getMonth() + 1) + '-' + two(this.getDate());
  });
  defineDate('toLocaleTimeString', function () { return isNaN(this) ? 'Invalid Date' : timeText(this); });

  // Without it, '' + date is the number of milliseconds.
  delete Date.prototype[Symbol.toPrimitive];

  function define(name, body) {
    Object.defineProperty(String.prototype, name, { value: body, configurable: true, writable: true, enumerable: false });
  }

  // $1 and \$ as in Java; $& and the like have no meaning there.
  function replacement(text) {
    return function () {
      var groups = Array.prototype.slice.call(arguments);
      return String(text).replace(/\\(.)|\$(\d)/g, function (all, escaped, group) {
        if (escaped !== undefined) {
          return escaped;
        }
        if (Number(group) >= groups.length - 2) {
          throw new Error('No group ' + group);
        }
        return groups[Number(group)] === undefined ? '' : groups[Number(group)];
      });
    };
  }

  function pattern(regex, flags) {
    return regex instanceof RegExp ? new RegExp(regex.source, flags + (regex.ignoreCase ? 'i' : '')) : new RegExp(String(regex), flags);
  }

  define('replaceAll', function (regex, by) {
    return typeof by === 'function' ? this.replace(pattern(regex, 'g'), by) : this.replace(pattern(regex, 'g'), replacement(by));
  });
  define('replaceFirst', function (regex, by) { return this.replace(pattern(regex, ''), replacement(by)); });
  define('matches', function (regex) { return new RegExp('^(?:' + regex + ')$').test(this); });
  define('contains', function (part) { return this.indexOf(String(part)) >= 0; });
  define('isEmpty', function () { return this.length === 0; });
  define('isBlank', function () { return /^\s*$/.test(this); });
  define('strip', function () { return this.trim(); });
  define('stripLeading', function () { return this.replace(/^\s+/, ''); });
  define('stripTrailing', function () { return this.replace(/\s+$/, ''); });
  define('equals', function (other) { return typeof other === 'string' && String(this) === other; });
  define('equalsIgnoreCase', function (other) {
    return typeof other === 'string' && this.toLowerCase() === other.toLowerCase();
  });
  define('compareTo', function (other) {
    var length = Math.min(this.length, other.length);
    for (var i = 0; i < length; i++) {
      if (this.charCodeAt(i) !== other.charCodeAt(i)) {
        return this.charCodeAt(i) - other.charCodeAt(i);
      }
    }
    return this.length - other.length;
  });
  define('compareToIgnoreCase', function (other) { return this.toLowerCase().compareTo(String(other).toLowerCase()); });
  define('hashCode', function () {
    var hash = 0;
    for (var i = 0; i < this.length; i++) {
      hash = (Math.imul(31, hash) + this.charCodeAt(i)) | 0;
    }
    return hash;
  });
  define('subSequence', function (start, end) { return this.substring(start, end); });
  define('codePointCount', function (start, end) {
    return this.substring(start, end).replace(/[\ud800-\udbff][\udc00-\udfff]/g, '.').length;
  });
  define('regionMatches', function (start, other, otherStart, length) {
    return this.substr(start, length) === other.substr(otherStart, length);
  });
})(this);
